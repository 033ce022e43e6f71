package io.ullage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseStoresTest {
  @Test
  void aFileIsAStoreOnThisHost(@TempDir Path folder) {
    try (LeaseStore store = LeaseStores.open(folder.resolve("store").toUri())) {
      assertThat(store.isLocal()).isTrue();
      assertThat(store.list()).isEmpty();
    }
    assertThat(folder.resolve("store")).exists();
  }

  @Test
  void aSchemeThatNothingKnowsIsRefusedWithThoseThatAreKnown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaseStores.open(URI.create("nowhere://host/store")))
        .withMessage("location: nowhere://host/store; allowed: URIs of the schemes file");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaseStores.open(URI.create("/path/without/a/scheme")))
        .withMessageContaining("location");
  }
}
