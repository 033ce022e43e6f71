package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ullage.lease.contract.LeaseStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleLeaseStoreTest extends LeaseStoreContract {
  @TempDir private static Path folder;
  private static ChronicleLeaseStore shared;

  @BeforeAll
  static void open() {
    shared = ChronicleLeaseStore.open(folder.resolve("made/store"));
  }

  @AfterAll
  static void close() {
    shared.close();
  }

  @Override
  protected LeaseStore store() {
    return shared;
  }

  @Override
  protected int holdsPerThread() {
    return 2_000;
  }

  private static LeaseGrant take(LeaseStore store, String key) {
    return Objects.requireNonNull(
        store.tryAcquire(new LeaseRequest(key, Duration.ofSeconds(30).toNanos(), "note", false)));
  }

  @Test
  void filesAreForTheirUserAlone() throws Exception {
    take(shared, "modes").release();
    Path made = folder.resolve("made");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(made)) {
      assertThat(files)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .as(file.toString())
                      .isEqualTo("rw-------"))
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder("store", "store.g1");
    }
  }

  @Test
  void oneJvmOpensAStoreOnce() {
    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> ChronicleLeaseStore.open(folder.resolve("made/store")))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(StoreFault.ALREADY_OPEN));
  }

  @Test
  void keysAndTokensOutliveTheStoreThatMadeThem(@TempDir Path own) {
    long before;
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(own.resolve("s"), 16)) {
      LeaseGrant grant = take(store, "k");
      before = grant.token();
      assertThat(grant.release()).isTrue();
    }
    try (ChronicleLeaseStore store = ChronicleLeaseStore.open(own.resolve("s"), 16)) {
      assertThat(store.list()).extracting(LeaseView::key).containsExactly("k");
      assertThat(take(store, "k").token()).isEqualTo(before + 1);
    }
  }

  @Test
  void everythingThrowsOnceItIsClosed(@TempDir Path own) {
    ChronicleLeaseStore store = ChronicleLeaseStore.open(own.resolve("s"), 16);
    LeaseGrant grant = take(store, "k");
    store.close();
    store.close();

    assertThatIllegalStateException().isThrownBy(() -> store.peek("k"));
    assertThatIllegalStateException().isThrownBy(() -> take(store, "k"));
    assertThatIllegalStateException().isThrownBy(grant::check);
    assertThatIllegalStateException().isThrownBy(() -> grant.renew(30_000_000_000L));
    assertThatIllegalStateException().isThrownBy(grant::release);
  }

  @Test
  void aSymbolicLinkIsRefused(@TempDir Path own) throws Exception {
    Files.createSymbolicLink(own.resolve("link"), own.resolve("elsewhere"));

    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(() -> ChronicleLeaseStore.open(own.resolve("link"), 16))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(StoreFault.ACCESS));
    assertThat(own.resolve("elsewhere")).doesNotExist();
  }
}
