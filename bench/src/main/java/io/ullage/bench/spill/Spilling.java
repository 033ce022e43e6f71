package io.ullage.bench.spill;

import java.io.IOException;

/** Takes more chunks than memory holds and gives them back in order. */
interface Spilling extends AutoCloseable {
  /** Takes nothing. */
  Spilling NONE =
      new Spilling() {
        @Override
        public void push(long number) {}

        @Override
        public void endOfPush() {}

        @Override
        public long pull() {
          return 0;
        }

        @Override
        public void close() {}
      };

  /** Takes a copy of one chunk whose first eight bytes are the number. */
  void push(long number) throws IOException, InterruptedException;

  /** Says that the next thing is a pull. */
  void endOfPush() throws IOException;

  /** Copies the next chunk out and returns its number. */
  long pull() throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
