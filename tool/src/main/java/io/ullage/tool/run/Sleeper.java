package io.ullage.tool.run;

/** How time passes while something waits. */
interface Sleeper {
  /** Waits for some nanoseconds. */
  void sleep(long nanos) throws InterruptedException;
}
