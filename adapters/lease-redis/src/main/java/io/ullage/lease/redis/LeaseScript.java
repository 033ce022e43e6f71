package io.ullage.lease.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What runs on the server: each question is one script, which sees and changes the records of its
 * keys in one step. The server knows a script by its digest once it has seen its text; one that
 * forgot it says so without running anything.
 */
enum LeaseScript {
  ACQUIRE,
  RENEW,
  RELEASE,
  REVOKE,
  READ;

  private final String text;
  private final String digest;

  LeaseScript() {
    String file = name().toLowerCase(Locale.ROOT) + ".lua";
    try (InputStream resource = LeaseScript.class.getResourceAsStream(file)) {
      if (resource == null) {
        throw new IllegalStateException("resource " + file + " is missing");
      }
      byte[] bytes = resource.readAllBytes();
      text = new String(bytes, StandardCharsets.UTF_8);
      digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      // Every Java platform has it.
      throw new IllegalStateException(e);
    }
  }

  String text() {
    return text;
  }

  /** By which the server knows it. */
  String digest() {
    return digest;
  }
}
