package io.ullage.core.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ullage.core.bounds.MemoryGrant;
import io.ullage.core.limiter.MemoryLimit.Known;
import io.ullage.core.limiter.MemoryLimit.Origin;
import io.ullage.core.limiter.MemoryLimit.Unknown;
import io.ullage.core.limiter.internal.CgroupUsageSource;
import io.ullage.core.limiter.internal.RssUsageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detection and usage over file trees as kernels show them. */
class LimitDetectionTest {
  private static final long MIB = 1 << 20;
  private static final long PHYSICAL = 1024 * MIB;
  private static final String V1_UNLIMITED = "9223372036854771712";

  private static final String V2_MOUNT =
      "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
  private static final String V1_MOUNT =
      "32 31 0:29 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n";

  @TempDir Path root;

  @Test
  void findsALimitOfVersion2() throws IOException {
    version2("/app", V2_MOUNT);
    write("sys/fs/cgroup/app/memory.max", 100 * MIB + "\n");
    assertThat(limit()).isEqualTo(new Known(100 * MIB, Origin.CGROUP));
  }

  @Test
  void theSmallestLimitOfAllGroupsAboveCounts() throws IOException {
    version2("/slice/app/inner", V2_MOUNT);
    write("sys/fs/cgroup/slice/memory.max", 300 * MIB + "\n");
    write("sys/fs/cgroup/slice/app/memory.max", 200 * MIB + "\n");
    write("sys/fs/cgroup/slice/app/inner/memory.max", "max\n");
    assertThat(limit()).isEqualTo(new Known(200 * MIB, Origin.CGROUP));
  }

  @Test
  void findsTheLimitOfAContainerWithItsOwnNamespace() throws IOException {
    version2("/", V2_MOUNT);
    write("sys/fs/cgroup/memory.max", 50 * MIB + "\n");
    assertThat(limit()).isEqualTo(new Known(50 * MIB, Origin.CGROUP));
  }

  @Test
  void findsTheLimitWhereTheMountBeginsAtTheContainer() throws IOException {
    String mount = "32 31 0:29 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";
    version1("/docker/abc", mount);
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", 60 * MIB + "\n");
    write("sys/fs/cgroup/memory/memory.stat", "cache 0\n");
    assertThat(limit()).isEqualTo(new Known(60 * MIB, Origin.CGROUP));
  }

  @Test
  void findsTheLimitWhereThePathIsOneOfAnotherNamespace() throws IOException {
    version2("/../../elsewhere", V2_MOUNT);
    write("sys/fs/cgroup/memory.max", 70 * MIB + "\n");
    assertThat(limit()).isEqualTo(new Known(70 * MIB, Origin.CGROUP));
  }

  @Test
  void findsALimitOfVersion1BesideAnEmptyVersion2() throws IOException {
    write("proc/self/cgroup", "4:memory:/app\n2:cpu,cpuacct:/\n0::/\n");
    write(
        "proc/self/mountinfo",
        V1_MOUNT + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
    write("sys/fs/cgroup/unified/cgroup.procs", "");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", V1_UNLIMITED + "\n");
    write("sys/fs/cgroup/memory/app/memory.limit_in_bytes", 80 * MIB + "\n");
    assertThat(limit()).isEqualTo(new Known(80 * MIB, Origin.CGROUP));
  }

  @Test
  void findsALimitOfVersion1ThatOnlyTheKernelSees() throws IOException {
    version1("/app", V1_MOUNT);
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", V1_UNLIMITED + "\n");
    write("sys/fs/cgroup/memory/app/memory.limit_in_bytes", V1_UNLIMITED + "\n");
    write(
        "sys/fs/cgroup/memory/app/memory.stat",
        "cache 0\nhierarchical_memory_limit " + 90 * MIB + "\nhierarchical_memsw_limit 1\n");
    assertThat(limit()).isEqualTo(new Known(90 * MIB, Origin.CGROUP));
  }

  @Test
  void unlimitedMeansTheMachine() throws IOException {
    version1("/app", V1_MOUNT);
    for (String unlimited : new String[] {V1_UNLIMITED, "9223372036854710272"}) {
      write("sys/fs/cgroup/memory/memory.limit_in_bytes", unlimited);
      write("sys/fs/cgroup/memory/app/memory.limit_in_bytes", unlimited);
      assertThat(limit()).isEqualTo(new Known(PHYSICAL, Origin.PHYSICAL));
      assertThat(detect().cgroupBytes()).isEmpty();
    }
  }

  @Test
  void neverAnswersWithMoreThanTheMachineHas() throws IOException {
    version2("/app", V2_MOUNT);
    write("sys/fs/cgroup/app/memory.max", 4 * PHYSICAL + "\n");
    assertThat(limit()).isEqualTo(new Known(PHYSICAL, Origin.PHYSICAL));
    assertThat(detect().cgroupBytes()).hasValue(4 * PHYSICAL);
  }

  @Test
  void withoutControlGroupsTheMachineIsTheLimit() {
    assertThat(limit()).isEqualTo(new Known(PHYSICAL, Origin.PHYSICAL));
  }

  @Test
  void whatCannotBeReadIsUnknownAndNotUnlimited() throws IOException {
    version2("/app", V2_MOUNT);
    write("sys/fs/cgroup/app/memory.max", "lots\n");
    assertUnknown("'lots' is not a number");
    write("sys/fs/cgroup/app/memory.max", "-1\n");
    assertUnknown("negative");
    write("proc/self/mountinfo", "");
    assertUnknown("'/app'");
    Files.delete(root.resolve("proc/self/mountinfo"));
    assertUnknown("mountinfo");
  }

  @Test
  void anUnknownMachineWithoutControlGroupsIsUnknown() {
    MemoryLimit limit = LimitDetection.of(root, OptionalLong.empty(), OptionalLong.empty()).limit();
    assertThat(limit).isInstanceOf(Unknown.class);
    assertThatIllegalStateException()
        .isThrownBy(() -> limit.grant(0))
        .withMessageContaining("state one explicitly");
  }

  @Test
  void aKnownLimitBecomesAGrant() {
    assertThat(limit().grant(0.25)).isEqualTo(MemoryGrant.of(PHYSICAL, 0.25));
  }

  @Test
  void readsMountPointsWithSpaces() throws IOException {
    version2("/app", "30 23 0:26 / /sys/fs/control\\040groups rw - cgroup2 cgroup2 rw\n");
    write("sys/fs/control groups/app/memory.max", 100 * MIB + "\n");
    assertThat(limit()).isEqualTo(new Known(100 * MIB, Origin.CGROUP));
  }

  @Test
  void aGroupCannotPointOutOfItsMount() throws IOException {
    version2("/a/../../../proc", V2_MOUNT);
    write("proc/memory.max", "1\n");
    write("sys/fs/cgroup/memory.max", 70 * MIB + "\n");
    assertThat(limit()).isEqualTo(new Known(70 * MIB, Origin.CGROUP));
  }

  @Test
  void usageLeavesOutThePageCacheThatCanBeDropped() throws IOException {
    version2("/app", V2_MOUNT);
    write("sys/fs/cgroup/app/memory.max", 100 * MIB + "\n");
    write("sys/fs/cgroup/app/memory.current", 90 * MIB + "\n");
    write(
        "sys/fs/cgroup/app/memory.stat",
        "anon 1\nfile 2\ninactive_file " + 30 * MIB + "\nactive_file " + 10 * MIB + "\n");
    assertThat(new CgroupUsageSource(root).read()).isEqualTo(new UsageReading(50 * MIB, 100 * MIB));
  }

  @Test
  void usageOfVersion1CountsTheGroupsBelow() throws IOException {
    version1("/app", V1_MOUNT);
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", V1_UNLIMITED + "\n");
    write("sys/fs/cgroup/memory/app/memory.limit_in_bytes", 100 * MIB + "\n");
    write("sys/fs/cgroup/memory/app/memory.usage_in_bytes", 90 * MIB + "\n");
    write(
        "sys/fs/cgroup/memory/app/memory.stat",
        "inactive_file 1\nactive_file 1\ntotal_inactive_file "
            + 20 * MIB
            + "\ntotal_active_file 0\n");
    assertThat(new CgroupUsageSource(root).read()).isEqualTo(new UsageReading(70 * MIB, 100 * MIB));
  }

  @Test
  void theFullestGroupAboveCounts() throws IOException {
    version2("/slice/app", V2_MOUNT);
    for (String group : new String[] {"slice", "slice/app"}) {
      write("sys/fs/cgroup/" + group + "/memory.stat", "inactive_file 0\nactive_file 0\n");
    }
    write("sys/fs/cgroup/slice/memory.max", 200 * MIB + "\n");
    write("sys/fs/cgroup/slice/memory.current", 190 * MIB + "\n");
    write("sys/fs/cgroup/slice/app/memory.max", 100 * MIB + "\n");
    write("sys/fs/cgroup/slice/app/memory.current", 20 * MIB + "\n");
    assertThat(new CgroupUsageSource(root).read())
        .isEqualTo(new UsageReading(190 * MIB, 200 * MIB));
  }

  @Test
  void readsTheResidentSetSize() throws IOException {
    write("proc/self/status", "Name:\tjava\nVmRSS:\t    2048 kB\nThreads:\t3\n");
    assertThat(new RssUsageSource(root, 100 * MIB).read())
        .isEqualTo(new UsageReading(2 * MIB, 100 * MIB));
  }

  @Test
  void tellsWhatTheJvmAllowsDirectBuffers() {
    DetectedLimits here = LimitDetection.ofThisProcess();
    assertThat(here.maxDirectMemoryBytes()).isPresent();
    assertThat(here.physicalBytes()).isPresent();
    assertThat(here.limit()).isInstanceOf(Known.class);
  }

  private MemoryLimit limit() {
    return detect().limit();
  }

  private DetectedLimits detect() {
    return LimitDetection.of(root, OptionalLong.of(PHYSICAL), OptionalLong.empty());
  }

  private void assertUnknown(String reason) {
    assertThat(limit())
        .isInstanceOfSatisfying(
            Unknown.class,
            unknown -> {
              assertThat(unknown.reason()).contains(reason);
              assertThat(unknown.atMostBytes()).hasValue(PHYSICAL);
            });
  }

  private void version2(String path, String mounts) throws IOException {
    write("proc/self/cgroup", "0::" + path + "\n");
    write("proc/self/mountinfo", mounts);
  }

  private void version1(String path, String mounts) throws IOException {
    write("proc/self/cgroup", "11:cpu:/\n4:memory:" + path + "\n");
    write("proc/self/mountinfo", mounts);
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
