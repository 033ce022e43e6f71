package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ullage.lease.ChronicleLeaseStore;
import io.ullage.lease.Lease;
import io.ullage.lease.LeaseGrant;
import io.ullage.lease.LeaseManager;
import io.ullage.lease.LeaseRequest;
import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.LossCause;
import io.ullage.lease.StoreFault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores whose records are cut or overwritten while a process has them open and mapped. */
class LiveDamageIT {
  private static final long TTL_NANOS = 30_000_000_000L;

  @TempDir Path folder;
  private Path path;
  private ChronicleLeaseStore store;
  private LeaseGrant held;

  @BeforeEach
  void open() {
    path = folder.resolve("s");
    store = ChronicleLeaseStore.open(path, 16);
    held = take("held");
    take("free").release();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private LeaseGrant take(String key) {
    return Objects.requireNonNull(store.tryAcquire(new LeaseRequest(key, TTL_NANOS, "", false)));
  }

  private Path records() {
    return folder.resolve("s.g1");
  }

  private static void isDamage(ThrowingCallable call) {
    assertThatExceptionOfType(LeaseStoreException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.fault()).isEqualTo(StoreFault.DAMAGED));
  }

  private void cut() throws IOException {
    try (FileChannel channel = FileChannel.open(records(), StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
  }

  @Test
  void recordsThatAreCutOffAreDamageAndNoCrash() throws IOException {
    cut();

    isDamage(() -> take("free"));
    isDamage(() -> held.renew(TTL_NANOS));
    isDamage(held::check);
    isDamage(held::release);
    isDamage(() -> store.peek("held"));
    isDamage(store::list);
    isDamage(() -> store.revoke("held", "maintenance"));
  }

  @Test
  void zerosAreDamageToWhoAcquiresAndALossToWhoHolds() throws IOException {
    try (FileChannel channel = FileChannel.open(records(), StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.allocate((int) channel.size()), 0);
    }

    isDamage(() -> take("free"));
    assertThat(held.renew(TTL_NANOS)).isEqualTo(io.ullage.lease.RenewalOutcome.TAKEN_OVER);
    assertThat(held.release()).isFalse();
  }

  @Test
  void aHolderLearnsThatItsStoreIsGoneBeforeTheTtlEnds() throws Exception {
    try (LeaseManager manager = LeaseManager.builder(store).ttl(Duration.ofMillis(500)).build()) {
      Lease lease = manager.acquire("managed", Duration.ZERO);
      cut();

      assertThat(lease.lost().get(30, TimeUnit.SECONDS).cause()).isEqualTo(LossCause.STORE_FAULT);
      assertThat(lease.isValid()).isFalse();
    }
  }

  @Test
  void aStoreThatWasCutWhileOpenIsRebuiltAboveItsTokens() throws IOException {
    long token = held.token();
    cut();
    store.close();

    ChronicleLeaseStore.rebuild(path, 16);

    store = ChronicleLeaseStore.open(path, 16);
    assertThat(take("held").token()).isGreaterThan(token);
    assertThat(Files.exists(records())).isFalse();
  }
}
