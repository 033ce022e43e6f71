package io.ullage.lease.internal;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who this process is on its host, and which host and clock that is.
 *
 * @param pid process id in its own PID namespace
 * @param pidNamespace inode of that namespace
 * @param startTicks start of the process in clock ticks since boot; with the pid it names a process
 * @param bootId the boot of the host
 * @param timeNamespace inode of the time namespace, 0 on kernels without
 */
public record ProcessIdentity(
    long pid, long pidNamespace, long startTicks, UUID bootId, long timeNamespace) {
  private static final Path PROC = Path.of("/proc");
  private static final Path SELF = PROC.resolve("self");

  /**
   * Asks the kernel.
   *
   * @return this process
   * @throws LeaseStoreException if this is no Linux, or /proc is not that of this process'
   *     namespace
   */
  public static ProcessIdentity current() {
    long pid = ProcessHandle.current().pid();
    try {
      if (Long.parseLong(Files.readSymbolicLink(SELF).toString()) != pid) {
        throw new LeaseStoreException(
            StoreFault.UNSUPPORTED_PLATFORM,
            "/proc shows another PID namespace than that of this process (pid " + pid + ")");
      }
      return new ProcessIdentity(
          pid,
          namespace("pid"),
          ThreadStat.parse(Files.readString(SELF.resolve("stat"))).startTicks(),
          UUID.fromString(Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip()),
          Files.exists(SELF.resolve("ns/time")) ? namespace("time") : 0);
    } catch (IOException | RuntimeException e) {
      if (e instanceof LeaseStoreException known) {
        throw known;
      }
      throw new LeaseStoreException(
          StoreFault.UNSUPPORTED_PLATFORM,
          "the Chronicle Map lease store needs Linux with /proc: " + e,
          e);
    }
  }

  private static long namespace(String kind) throws IOException {
    String link = Files.readSymbolicLink(SELF.resolve("ns").resolve(kind)).toString();
    return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
  }
}
