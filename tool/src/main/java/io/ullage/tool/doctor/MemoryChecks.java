package io.ullage.tool.doctor;

import io.ullage.core.bounds.BinarySize;
import io.ullage.core.limiter.DetectedLimits;
import io.ullage.core.limiter.LimitDetection;
import io.ullage.core.limiter.MemoryLimit;
import java.util.List;

/** Looks at how much memory this process may use. */
final class MemoryChecks {
  private MemoryChecks() {}

  static List<Finding> run() {
    DetectedLimits limits = LimitDetection.ofThisProcess();
    return List.of(
        switch (limits.limit()) {
          case MemoryLimit.Known known ->
              Finding.healthy(
                  "memory limit",
                  BinarySize.format(known.bytes())
                      + switch (known.origin()) {
                        case CGROUP -> ", set by the control group";
                        case PHYSICAL -> ", all that the machine has; no control group limits it";
                      });
          case MemoryLimit.Unknown unknown ->
              Finding.toDo(
                  "memory limit",
                  "unknown: " + unknown.reason(),
                  "give programs a limit of their own, or make that readable");
        });
  }
}
