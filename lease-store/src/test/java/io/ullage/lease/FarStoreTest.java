package io.ullage.lease;

import io.ullage.lease.contract.LeaseStoreContract;

/** The contract does not need a store that is near. */
class FarStoreTest extends LeaseStoreContract {
  private final FaultyStore store = FaultyStore.far(new HeapLeaseStore());

  @Override
  protected LeaseStore store() {
    return store;
  }
}
