package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStore;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.LeaseView;
import io.ullage.lease.RenewalOutcome;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that were cut, overwritten, left half-made, or brought along from elsewhere. */
class DamagedStoreTest {
  private static final long ENTRIES = 16;

  /** Where {@link SidecarHeader} keeps the ceiling of all tokens. */
  private static final int TOKEN_CEILING_AT = 56;

  @TempDir Path folder;
  private Path path;
  private long token;

  @BeforeEach
  void makeAStore() {
    path = folder.resolve("s");
    try (LeaseStore store = open()) {
      LeaseGrant grant = take(store, "k");
      token = grant.token();
      grant.release();
    }
  }

  private ChronicleLeaseStore open() {
    return ChronicleLeaseStore.open(path, ENTRIES);
  }

  private static LeaseGrant take(LeaseStore store, String key) {
    return Objects.requireNonNull(
        store.tryAcquire(new LeaseRequest(key, Duration.ofSeconds(30).toNanos(), "", false)));
  }

  private static void cut(Path file, long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
    }
  }

  private static void zero(Path file) throws IOException {
    Files.write(file, new byte[(int) Files.size(file)]);
  }

  private void changeHeader(UnaryOperator<SidecarHeader> change) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(SidecarHeader.BYTES);
      channel.read(bytes, 0);
      channel.write(change.apply(SidecarHeader.read(bytes.flip())).toBytes(), 0);
    }
  }

  private void refusesThenRebuilds(StoreFault fault) {
    LeaseStoreException refused = catchThrowableOfType(LeaseStoreException.class, this::open);
    assertThat(refused).isNotNull();
    assertThat(refused.fault()).isEqualTo(fault);

    ChronicleLeaseStore.rebuild(path, ENTRIES);

    try (LeaseStore store = open()) {
      assertThat(take(store, "k").token()).isGreaterThan(token);
    }
  }

  @Test
  void aSidecarCutShortIsDamage() throws IOException {
    cut(path, 100);
    refusesThenRebuilds(StoreFault.DAMAGED);
  }

  @Test
  void aSidecarCutToNothingIsDamage() throws IOException {
    cut(path, 0);
    refusesThenRebuilds(StoreFault.DAMAGED);
  }

  @Test
  void aSidecarWithoutItsSlotsIsDamage() throws IOException {
    cut(path, SidecarHeader.BYTES);
    refusesThenRebuilds(StoreFault.DAMAGED);
  }

  @Test
  void aSidecarOfZerosIsDamage() throws IOException {
    zero(path);
    refusesThenRebuilds(StoreFault.DAMAGED);
  }

  @Test
  void aByteOfTheSidecarThatFlippedIsDamage() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    bytes[TOKEN_CEILING_AT] = (byte) ~bytes[TOKEN_CEILING_AT];
    Files.write(path, bytes);
    refusesThenRebuilds(StoreFault.DAMAGED);
  }

  @Test
  void recordsCutShortAreDamage() throws IOException {
    cut(folder.resolve("s.g1"), 4096);
    refusesThenRebuilds(StoreFault.DAMAGED);
  }

  @Test
  void recordsOfZerosAreDamage() throws IOException {
    zero(folder.resolve("s.g1"));
    refusesThenRebuilds(StoreFault.DAMAGED);
  }

  @Test
  void missingRecordsAreDamage() throws IOException {
    Files.delete(folder.resolve("s.g1"));
    refusesThenRebuilds(StoreFault.DAMAGED);
  }

  @Test
  void zerosEverywhereAreRebuiltAboveTheClock() throws IOException {
    zero(path);
    zero(folder.resolve("s.g1"));
    refusesThenRebuilds(StoreFault.DAMAGED);
  }

  @Test
  void aStoreOfAnotherBootIsRefusedOrBegunAnew() throws IOException {
    changeHeader(
        header ->
            new SidecarHeader(
                new UUID(1, 2),
                header.timeNamespace(),
                header.entries(),
                header.generation(),
                header.tokenCeiling(),
                header.inserts(),
                header.inserting(),
                header.tokenFloor(),
                header.fileBytes()));
    LeaseStoreException refused = catchThrowableOfType(LeaseStoreException.class, this::open);
    assertThat(refused.fault()).isEqualTo(StoreFault.OTHER_BOOT);

    try (LeaseStore store = ChronicleLeaseStore.openAcrossBoots(path)) {
      assertThat(take(store, "k").token()).isGreaterThan(token);
    }
  }

  @Test
  void aStoreOfAnotherTimeNamespaceIsRefused() throws IOException {
    changeHeader(
        header ->
            new SidecarHeader(
                header.bootId(),
                header.timeNamespace() + 1,
                header.entries(),
                header.generation(),
                header.tokenCeiling(),
                header.inserts(),
                header.inserting(),
                header.tokenFloor(),
                header.fileBytes()));
    refusesThenRebuilds(StoreFault.OTHER_TIME_NAMESPACE);
  }

  @Test
  void whatADeadCreatorLeftBehindIsNoHindrance() throws IOException {
    Path half = folder.resolve("half");
    Files.write(folder.resolve("half.tmp-1-2"), new byte[100]);
    Files.write(folder.resolve("half.g1"), new byte[100]);

    try (LeaseStore store = ChronicleLeaseStore.open(half, ENTRIES)) {
      assertThat(take(store, "k").token()).isPositive();
    }
    assertThat(folder.resolve("half.tmp-1-2")).doesNotExist();
    assertThat(folder.resolve("half.g1")).doesNotExist();
  }

  @Test
  void whenAnInserterDiedTheStoreMovesAndItsLeasesGoOn() throws IOException {
    try (ChronicleLeaseStore store = open()) {
      LeaseGrant held = take(store, "k");
      changeHeader(header -> header.withInserts(header.inserts(), true));

      LeaseGrant other = take(store, "new");

      assertThat(folder.resolve("s.g2")).exists();
      assertThat(folder.resolve("s.g1")).doesNotExist();
      assertThat(held.check()).isEqualTo(RenewalOutcome.HELD);
      assertThat(held.renew(30_000_000_000L)).isEqualTo(RenewalOutcome.HELD);
      assertThat(store.tryAcquire(new LeaseRequest("k", 30_000_000_000L, "", false))).isNull();
      assertThat(store.list()).extracting(LeaseView::key).containsExactly("k", "new");
      assertThat(held.release()).isTrue();
      assertThat(take(store, "k").token()).isEqualTo(held.token() + 1);
      other.release();
    }
  }

  @Test
  void aFullStoreSaysHowFull() {
    try (LeaseStore store = open()) {
      LeaseStoreException full =
          catchThrowableOfType(
              LeaseStoreException.class,
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  take(store, "key" + i).release();
                }
              });
      assertThat(full.fault()).as(full.toString()).isEqualTo(StoreFault.FULL);
      assertThat(full).hasMessageContaining("was made for " + ENTRIES);
      take(store, "k").release();
    }
  }

  @Test
  void anotherClassLoaderOfThisJvmIsRefused() throws Exception {
    URL[] classPath =
        Arrays.stream(System.getProperty("java.class.path").split(":"))
            .map(Path::of)
            .map(
                entry -> {
                  try {
                    return entry.toUri().toURL();
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .toArray(URL[]::new);
    try (LeaseStore store = open();
        URLClassLoader other =
            new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      LeaseGrant held = take(store, "k");
      Class<?> type = other.loadClass(ChronicleLeaseStore.class.getName());
      Throwable thrown =
          catchThrowableOfType(
              java.lang.reflect.InvocationTargetException.class,
              () -> type.getMethod("open", Path.class).invoke(null, path));

      assertThat(thrown.getCause()).hasMessageContaining("under class loader");
      assertThat(held.check()).isEqualTo(RenewalOutcome.HELD);
    }
  }
}
