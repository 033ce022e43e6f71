package io.ullage.tool.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JvmOptionsTest {
  @Test
  void skipsCommentsAndBlankLines() {
    assertThat(JvmOptions.parse("# why\n\n-Xmx1g # and why not\n-Xms1g"))
        .containsExactly("-Xmx1g", "-Xms1g");
  }

  @Test
  void writesOptionsOfTwoWordsInOneAsARunningJvmReportsThem() {
    assertThat(
            JvmOptions.parse(
                "--add-opens java.base/java.lang=ALL-UNNAMED\n--add-exports=a/b=c -Da=b"))
        .containsExactly(
            "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=a/b=c", "-Da=b");
  }

  @Test
  void keepsWhiteSpaceAndHashesInQuotes() {
    assertThat(JvmOptions.parse("-Da=\"b c\" '-Dd=#e'")).containsExactly("-Da=b c", "-Dd=#e");
  }

  @Test
  void readsNothingFromAnEmptyFile() {
    assertThat(JvmOptions.parse("")).isEmpty();
  }
}
