package io.ullage.tool.frame;

/** The exit codes that scripts rely on, the same for every subcommand. */
public final class ExitCode {
  /** Done, and every invariant held. */
  public static final int OK = 0;

  /** Failed: an invariant did not hold, or memory was refused. */
  public static final int FAILED = 1;

  /** Bad arguments or configuration; nothing was created. */
  public static final int USAGE = 2;

  /** An internal fault, or one of the lease store. */
  public static final int INTERNAL = 70;

  /** The disk is full, or reading or writing failed. */
  public static final int IO = 74;

  /** The lease is held by somebody else. */
  public static final int LEASE_HELD = 75;

  /** The lease was lost while working. */
  public static final int LEASE_LOST = 76;

  /** The deadline of the work passed. */
  public static final int DEADLINE = 124;

  /** The command to execute was not found. */
  public static final int NOT_FOUND = 127;

  private ExitCode() {}
}
