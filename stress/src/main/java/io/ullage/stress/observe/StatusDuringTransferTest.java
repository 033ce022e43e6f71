package io.ullage.stress.observe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.observe.internal.MemoryStatusDocument;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Protocol step: a status is rendered from one snapshot while bytes move from one component to
 * another.
 *
 * <p>Forbidden: a response that calls itself exact although its own values do not add up to the
 * total, or in which the bytes are at neither component. The snapshot's own ordering forbids it:
 * the transfer reserves at the receiver before it gives back at the sender, and a reader that saw
 * only one of the two must not call its figures exact.
 */
@JCStressTest
@Outcome(
    id = "true, true",
    expect = Expect.ACCEPTABLE,
    desc = "the figures add up, and no byte is missing")
@Outcome(
    expect = Expect.FORBIDDEN,
    desc = "an exact response in which bytes are missing or counted twice")
@State
public class StatusDuringTransferTest {
  private static final JsonFactory JSON = new JsonFactory();
  private static final long BYTES = 64;

  private final ComponentRegistry registry =
      ComponentRegistry.builder().withoutCounterFile().build();
  private final Component sender = registry.component("sender");
  private final Component receiver = registry.component("receiver");

  /** A registry in which the sender holds the bytes. */
  public StatusDuringTransferTest() {
    sender.charge(BYTES);
  }

  /** Moves the bytes. */
  @Actor
  public void mover() {
    sender.transferTo(receiver, BYTES);
  }

  /** Renders the status and reads it as a client does. */
  @Actor
  public void client(ZZ_Result result) {
    try {
      Response response = Response.parse(render());
      result.r1 = !response.exact || response.own == response.total;
      result.r2 = response.own >= BYTES;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private String render() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.writeStartObject();
      MemoryStatusDocument.of(registry, null).writeFields(generator);
      generator.writeEndObject();
    }
    return text.toString();
  }

  /** What the response says of reserved bytes: at the top, and of each component itself. */
  private record Response(boolean exact, long total, long own) {
    private static final int TOP = 1;
    private static final int COMPONENT = 3;

    static Response parse(String text) throws IOException {
      boolean exact = false;
      long total = 0;
      long own = 0;
      int depth = 0;
      try (JsonParser parser = JSON.createParser(text)) {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
          if (token.isStructStart()) {
            depth++;
          } else if (token.isStructEnd()) {
            depth--;
          } else if (token.isBoolean() && parser.currentName().equals("exact")) {
            exact = token == JsonToken.VALUE_TRUE;
          } else if (token.isNumeric() && parser.currentName().equals("reserved_bytes")) {
            if (depth == TOP) {
              total = parser.getLongValue();
            } else if (depth == COMPONENT) {
              own += parser.getLongValue();
            }
          }
        }
      }
      return new Response(exact, total, own);
    }
  }
}
