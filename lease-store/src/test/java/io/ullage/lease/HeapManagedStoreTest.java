package io.ullage.lease;

import io.ullage.lease.contract.ManagedStoreContract;

class HeapManagedStoreTest extends ManagedStoreContract {
  private final HeapLeaseStore store = new HeapLeaseStore();

  @Override
  protected LeaseStore store() {
    return store;
  }
}
