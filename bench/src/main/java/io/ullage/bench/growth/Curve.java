package io.ullage.bench.growth;

import java.io.IOException;

/** An operation whose cost may depend on how much there is of something. */
interface Curve {
  /** What the operation is called. */
  String name();

  /** Of what there is more and more. */
  String parameter();

  /** How much of it at most; the full run goes further where memory allows it. */
  int most(boolean full);

  /** By which factor it grows from point to point. */
  default int step() {
    return 10;
  }

  /** The least of it. */
  default int least() {
    return 1;
  }

  /** Makes so much of it. */
  Point open(int count) throws IOException, InterruptedException;

  /** So much of something, on which the operation can be done. */
  interface Point extends AutoCloseable {
    /** Does the operation so many times; the elapsed time divided by it is what one costs. */
    void repeat(int times) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
  }
}
