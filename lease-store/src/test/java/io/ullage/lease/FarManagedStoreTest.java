package io.ullage.lease;

import io.ullage.lease.contract.ManagedStoreContract;

class FarManagedStoreTest extends ManagedStoreContract {
  private final FaultyStore store = FaultyStore.far(new HeapLeaseStore());

  @Override
  protected LeaseStore store() {
    return store;
  }
}
