package io.ullage.lease;

import io.ullage.lease.contract.ManagedStoreContract;

class FarManagedStoreTest extends ManagedStoreContract {
  private final FarStore store = new FarStore(new HeapLeaseStore());

  @Override
  protected LeaseStore store() {
    return store;
  }
}
