package io.ullage.tool.launch;

import java.util.ArrayList;
import java.util.List;

/**
 * JVM options as a Java argument file holds them: separated by white space, {@code #} to the end of
 * the line a comment, an option with white space in quotes.
 */
final class JvmOptions {
  private JvmOptions() {}

  /**
   * The options in an argument file's text, each in one word: {@code --add-opens a=b} becomes
   * {@code --add-opens=a=b}, as a running JVM reports its own.
   */
  static List<String> parse(String text) {
    List<String> options = new ArrayList<>();
    for (String word : words(text)) {
      int last = options.size() - 1;
      if (last >= 0 && takesNextWord(options.get(last))) {
        options.set(last, options.get(last) + "=" + word);
      } else {
        options.add(word);
      }
    }
    return List.copyOf(options);
  }

  private static boolean takesNextWord(String option) {
    return switch (option) {
      case "--add-opens",
          "--add-exports",
          "--add-reads",
          "--add-modules",
          "--enable-native-access" ->
          true;
      default -> false;
    };
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    boolean inWord = false;
    boolean inComment = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inComment) {
        inComment = c != '\n';
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (c == '#') {
        inComment = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
