package io.ullage.tool.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.tool.terminal.Gauge.Part;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GaugeTest {
  @Property(tries = 300)
  void isAlwaysAsWideAsAsked(
      @ForAll @LongRange(min = 0) long amount,
      @ForAll @LongRange(min = 0) long whole,
      @ForAll @IntRange(min = 1, max = 120) int columns) {
    assertThat(Gauge.bar(amount, whole, columns, AttributedStyle.DEFAULT).columnLength())
        .isEqualTo(columns);
  }

  @Test
  void fillsInEighths() {
    assertThat(Gauge.bar(5, 16, 4, AttributedStyle.DEFAULT).toString()).isEqualTo("█▎··");
  }

  @Property(tries = 300)
  void sharesAllColumnsOutOverTheParts(
      @ForAll @Size(min = 1, max = 5) List<@LongRange(min = 0, max = 1L << 40) Long> amounts,
      @ForAll @IntRange(min = 5, max = 120) int columns) {
    List<Part> parts =
        amounts.stream().map(amount -> new Part(amount, '#', AttributedStyle.DEFAULT)).toList();
    assertThat(Gauge.parts(parts, columns).columnLength()).isEqualTo(columns);
  }

  @Test
  void showsEvenTheSmallestPart() {
    List<Part> parts =
        List.of(
            new Part(1, 'a', AttributedStyle.DEFAULT),
            new Part(1L << 40, 'b', AttributedStyle.DEFAULT));
    assertThat(Gauge.parts(parts, 6).toString()).isEqualTo("abbbbb");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "1023,1023 B",
    "1024,1.0 KiB",
    "1048524,1023.9 KiB",
    "1048575,1.0 MiB",
    "2147483648,2.0 GiB",
    "9223372036854775807,8.0 EiB"
  })
  void writesSizesWithOneDecimal(long bytes, String text) {
    assertThat(FixedSize.of(bytes)).isEqualTo(text);
  }
}
