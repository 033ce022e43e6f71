package io.ullage.core.limiter.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Reads the small text files in which the kernel publishes numbers. */
final class KernelFile {
  private KernelFile() {}

  /** Returns the lines of a file. Names in it may be of any encoding: bytes become characters. */
  static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
  }

  /** Returns the only number of a file. */
  static long number(Path file) throws IOException {
    return number(file, Files.readString(file, StandardCharsets.ISO_8859_1).trim());
  }

  /** Returns the number behind a key, in a file of lines {@code key number}. */
  static OptionalLong keyed(Path file, String key) throws IOException {
    for (String line : lines(file)) {
      if (line.startsWith(key + " ")) {
        return OptionalLong.of(number(file, line.substring(key.length() + 1).trim()));
      }
    }
    return OptionalLong.empty();
  }

  /** Returns in bytes what stands behind a key in kibibytes, as in {@code MemTotal: 1024 kB}. */
  static long kibibytes(Path file, String key) throws IOException {
    for (String line : lines(file)) {
      if (line.startsWith(key) && line.endsWith(" kB")) {
        String text = line.substring(key.length(), line.length() - " kB".length()).trim();
        try {
          return Math.multiplyExact(number(file, text), 1024);
        } catch (ArithmeticException e) {
          throw new IOException(file + ": " + key + " " + text + " kB is more than fits", e);
        }
      }
    }
    throw new IOException(file + ": has no line " + key + " … kB");
  }

  static long number(Path file, String text) throws IOException {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException(file + ": '" + text + "' is not a number of bytes", e);
    }
    throw new IOException(file + ": '" + text + "' is negative");
  }
}
