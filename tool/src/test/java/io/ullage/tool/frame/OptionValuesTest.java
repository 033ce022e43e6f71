package io.ullage.tool.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.function.LongSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class OptionValuesTest {
  @ParameterizedTest
  @CsvSource({"500ms,500", "30s,30000", "5m,300000", "2h,7200000", "0s,0"})
  void readsDurationsWithAUnit(String text, long millis) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-1s", "+1s", "1.5s", "1 s", "1S", "1d", "99999999999s"})
  void refusesOtherDurationsSayingWhatIsAllowed(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("500ms, 30s, 5m, 2h");
  }

  @Property(tries = 200)
  void readsWhatItPrints(@ForAll @LongRange(min = 0, max = 8796093022207L) long mebibytes) {
    Mebibytes read = new Mebibytes.Converter().convert(Long.toString(mebibytes));
    assertThat(read.bytes()).isEqualTo(Math.multiplyExact(mebibytes, 1L << 20));
    assertThat(read).hasToString(Long.toString(mebibytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "+1", "1m", "1e3", "0x10", "8796093022208", "99999999999999999999", "٣"})
  void refusesOtherSizesSayingWhatIsAllowed(String text) {
    assertThatThrownBy(() -> new Mebibytes.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("whole numbers of MiB from 0 to 8796093022207");
  }

  @Property
  void anyTextIsADurationOrRefused(@ForAll String text) {
    assertValueOrRefusal(() -> new DurationConverter().convert(text).toMillis());
  }

  @Property
  void anyTextOfItsCharactersIsADurationOrRefused(
      @ForAll @Chars({'0', '1', '9', 'm', 's', 'h', '-', '.', ' '}) @StringLength(max = 25)
          String text) {
    assertValueOrRefusal(() -> new DurationConverter().convert(text).toMillis());
  }

  @Property
  void anyTextIsASizeOrRefused(
      @ForAll @Chars({'0', '1', '9', 'k', '-', '.', ' '}) @StringLength(max = 25) String text) {
    assertValueOrRefusal(() -> new Mebibytes.Converter().convert(text).bytes());
    assertValueOrRefusal(() -> new Kibibytes.Converter().convert(text).bytes());
  }

  private static void assertValueOrRefusal(LongSupplier reading) {
    Throwable thrown = catchThrowable(() -> assertThat(reading.getAsLong()).isNotNegative());
    if (thrown != null) {
      assertThat(thrown)
          .isInstanceOf(TypeConversionException.class)
          .hasMessageContaining("allowed");
    }
  }

  @Test
  void countsKibibytes() {
    assertThat(new Kibibytes.Converter().convert("256").bytes()).isEqualTo(262_144);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.05", ".5", "0.999999"})
  void readsSharesBelowOne(String text) {
    assertThat(new Share.Converter().convert(text).value()).isEqualTo(Double.parseDouble(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1.0", "-0.1", "NaN", "5%", "1e-3", "0x0p1", "."})
  void refusesOtherSharesSayingWhatIsAllowed(String text) {
    assertThatThrownBy(() -> new Share.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("from 0 to below 1");
  }
}
