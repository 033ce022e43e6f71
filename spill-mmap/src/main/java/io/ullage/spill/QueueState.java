package io.ullage.spill;

/**
 * What a policy sees of a queue: byte counts that the queue keeps incrementally.
 *
 * <p>The queue lends one instance to a policy for the length of a call. The figures belong to one
 * instant; keep none of them and call nothing of the queue from a policy. Unless it says otherwise,
 * a method costs one field read.
 */
public interface QueueState {
  /** {@return the bytes of entries in memory that are not on their way to the store} */
  long residentBytes();

  /**
   * {@return the part of {@link #residentBytes()} that the reader reaches before the first spilled
   * entry}
   */
  long headBytes();

  /**
   * {@return the part of {@link #residentBytes()} behind every entry that was spilled: what a plan
   * may still spill}
   */
  long tailBytes();

  /** {@return the bytes of entries that are being written and are still in memory} */
  long spillingBytes();

  /** {@return the bytes of entries that are in the store only} */
  long spilledBytes();

  /** {@return the number of entries in the queue, wherever they are} */
  long entries();

  /** {@return the bytes ever offered} */
  long offeredBytes();

  /** {@return the bytes ever polled} */
  long polledBytes();

  /**
   * {@return the bytes reserved by the queue's component and its children, other holders included}
   */
  long reservedBytes();

  /**
   * {@return the lowest limit among the queue's component and its ancestors; {@code Long.MAX_VALUE}
   * when none is set}
   */
  long limitBytes();

  /**
   * {@return by how many bytes the component or the ancestor of it that is worst off is above a
   * share of its limit; negative when none is, {@code Long.MIN_VALUE} when none has a limit}
   *
   * <p>Costs a walk over the components up to the root.
   *
   * @param share of the limit, usually between 0 and 1
   */
  long bytesAboveShare(double share);
}
