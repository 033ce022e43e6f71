package io.ullage.tool.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Where commands look for their store. */
class StoreLocationTest {
  private static final CommandSpec COMMAND = new CommandLine(CommandSpec.create()).getCommandSpec();

  private static StoreLocation of(String given) {
    return StoreLocation.of(COMMAND, "--store", given);
  }

  @Test
  void aPathAndAFileUriAreTheSameStore() {
    Path path = Path.of("/some where/leases");
    assertThat(of(path.toString()).file()).isEqualTo(path);
    assertThat(of(path.toUri().toString())).isEqualTo(of(path.toString()));
    assertThat(of("leases").file()).isEqualTo(Path.of("leases").toAbsolutePath());
    assertThat(of("a:b").file()).isEqualTo(Path.of("a:b").toAbsolutePath());
  }

  @Test
  void nothingGivenIsTheStoreOfThisUser() {
    StoreLocation location = StoreLocation.of(COMMAND, "--store", null);
    assertThat(location.isDefault()).isTrue();
    assertThat(location.uri()).hasScheme("file");
    assertThat(of("leases").isDefault()).isFalse();
  }

  @Test
  void aSchemeThatNothingKnowsIsRefusedWithThoseThatAreKnown() {
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> of("nowhere://host/prefix"))
        .withMessageContaining("'--store': 'nowhere://host/prefix'")
        .withMessageContaining("allowed is a path, or a URI of the schemes file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "file://host/path", "file:/a b", "file:/a?b"})
  void whatNamesNoStoreIsRefused(String given) {
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> of(given))
        .withMessageContaining("--store");
  }

  @Test
  void theLocationIsKeptAsItWasGiven() {
    assertThat(of("file:/leases").uri()).isEqualTo(URI.create("file:/leases"));
  }
}
