package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ullage.lease.contract.LeaseStoreContract;
import org.junit.jupiter.api.Test;

class HeapLeaseStoreTest extends LeaseStoreContract {
  private final HeapLeaseStore store = new HeapLeaseStore();

  @Override
  protected LeaseStore store() {
    return store;
  }

  @Override
  protected int holdsPerThread() {
    return 2_000;
  }

  @Test
  void refusesEverythingOnceClosed() {
    store.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> store.peek("k"))
        .withMessage("the lease store is closed");
  }
}
