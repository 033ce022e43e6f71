package io.ullage.alloc.internal;

import java.util.List;
import java.util.Set;

/**
 * Where a buffer was acquired.
 *
 * <p>Walking costs 1–2 µs; naming the frames costs as much for each, and waits until a leak is
 * reported.
 */
public final class AllocationSite {
  /** Enough to see who asked through a few layers. */
  private static final int MAX_FRAMES = 12;

  /** Of the walk's own batch: our frames and {@link #MAX_FRAMES}, so that one batch is enough. */
  private static final int ESTIMATED_DEPTH = MAX_FRAMES + 6;

  private static final String OWN_PACKAGE = "io.ullage.alloc.";
  private static final StackWalker WALKER = StackWalker.getInstance(Set.of(), ESTIMATED_DEPTH);

  private final List<StackWalker.StackFrame> walked;

  private AllocationSite(List<StackWalker.StackFrame> walked) {
    this.walked = walked;
  }

  /** The site that the current thread is at. */
  public static AllocationSite here() {
    return new AllocationSite(WALKER.walk(frames -> frames.limit(ESTIMATED_DEPTH).toList()));
  }

  /** The callers outside this library, innermost first. */
  public List<StackTraceElement> frames() {
    return walked.stream()
        .dropWhile(frame -> isOwn(frame.getClassName()))
        .limit(MAX_FRAMES)
        .map(StackWalker.StackFrame::toStackTraceElement)
        .toList();
  }

  private static boolean isOwn(String className) {
    // Tests stand in the same package: they are callers.
    return className.startsWith(OWN_PACKAGE) && !className.contains("Test");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    frames().forEach(frame -> text.append("\n\tat ").append(frame));
    return text.toString();
  }
}
