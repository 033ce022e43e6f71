package io.ullage.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class BinarySizeTest {
  @Test
  void choosesTheUnitThatReadsBest() {
    assertThat(BinarySize.format(0)).isEqualTo("0 B");
    assertThat(BinarySize.format(1023)).isEqualTo("1023 B");
    assertThat(BinarySize.format(1024)).isEqualTo("1 KiB");
    assertThat(BinarySize.format(1536)).isEqualTo("1.5 KiB");
    assertThat(BinarySize.format(100L << 20)).isEqualTo("100 MiB");
    assertThat(BinarySize.format((1L << 20) - 1)).isEqualTo("1 MiB");
    assertThat(BinarySize.format(Long.MAX_VALUE)).isEqualTo("8 EiB");
  }

  @Test
  void addsTheBytesWhereRoundingHidesThem() {
    assertThat(BinarySize.formatExact(8L << 20)).isEqualTo("8 MiB");
    assertThat(BinarySize.formatExact((8L << 20) + 1)).isEqualTo("8 MiB (8388609 bytes)");
  }

  @Test
  void refusesANegativeSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BinarySize.format(-1))
        .withMessageContaining("-1");
  }
}
