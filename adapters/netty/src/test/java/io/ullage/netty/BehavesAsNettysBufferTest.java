package io.ullage.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same calls on one of our buffers and on one of Netty's have the same results. */
class BehavesAsNettysBufferTest {
  private static final int CAPACITY = 300;

  @Property(tries = 100)
  void withRandomReadsAndWrites(@ForAll long seed) throws IOException {
    try (TestAllocators test = new TestAllocators()) {
      ByteBuf ours = test.allocator("a").directBuffer(CAPACITY);
      ByteBuf peer = Unpooled.buffer(CAPACITY);
      ours.setZero(0, CAPACITY);
      peer.setZero(0, CAPACITY);
      Random random = new Random(seed);
      for (int step = 0; step < 200; step++) {
        int operation = random.nextInt(32);
        int index = random.nextInt(CAPACITY + 4);
        long value = random.nextLong();
        assertThat(outcome(ours, operation, index, value))
            .as("operation %s at %s with %s", operation, index, value)
            .isEqualTo(outcome(peer, operation, index, value));
        assertThat(ByteBufUtil.hexDump(ours, 0, CAPACITY))
            .as("contents after operation %s at %s with %s", operation, index, value)
            .isEqualTo(ByteBufUtil.hexDump(peer, 0, CAPACITY));
      }
      assertThat(ours).isEqualTo(peer);
      ours.release();
      peer.release();
    }
  }

  @Test
  void withFiles(@TempDir Path directory) throws IOException {
    try (TestAllocators test = new TestAllocators();
        FileChannel file =
            FileChannel.open(
                directory.resolve("f"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      ByteBuf buffer = test.allocator("a").directBuffer(64);
      buffer.writeLong(1).writeLong(2);
      assertThat(buffer.readBytes(file, 0L, 8)).isEqualTo(8);
      assertThat(buffer.getBytes(8, file, 8L, 8)).isEqualTo(8);
      assertThat(Files.size(directory.resolve("f"))).isEqualTo(16);
      file.position(16);
      assertThat(buffer.getBytes(0, file, 4)).isEqualTo(4);
      file.truncate(16);
      assertThat(buffer.writeBytes(file, 8L, 8)).isEqualTo(8);
      assertThat(buffer.getLong(16)).isEqualTo(2);
      assertThat(buffer.setBytes(0, file, 16L, 8)).isEqualTo(-1);
      file.position(0);
      assertThat(buffer.setBytes(24, file, 16)).isEqualTo(16);
      assertThat(buffer.getLong(24)).isEqualTo(1);
      FileChannel closed = FileChannel.open(directory.resolve("f"), StandardOpenOption.READ);
      closed.close();
      assertThat(buffer.setBytes(0, closed, 0L, 8)).isEqualTo(-1);
      assertThat(buffer.setBytes(0, closed, 8)).isEqualTo(-1);
      buffer.release();
    }
  }

  private static String outcome(ByteBuf buffer, int operation, int index, long value)
      throws IOException {
    try {
      return String.valueOf(perform(buffer, operation, index, value));
    } catch (IndexOutOfBoundsException outside) {
      return "out of bounds";
    }
  }

  @SuppressWarnings("deprecation") // order() is what older code reads little-endian bytes with.
  private static Object perform(ByteBuf buffer, int operation, int index, long value)
      throws IOException {
    byte[] bytes = ByteBuffer.allocate(8).putLong(value).array();
    return switch (operation) {
      case 0 -> buffer.setByte(index, (int) value).getByte(index);
      case 1 -> buffer.setShort(index, (int) value).getShort(index);
      case 2 -> buffer.setShortLE(index, (int) value).getShortLE(index);
      case 3 -> buffer.setMedium(index, (int) value).getUnsignedMedium(index);
      case 4 -> buffer.setMediumLE(index, (int) value).getUnsignedMediumLE(index);
      case 5 -> buffer.setInt(index, (int) value).getInt(index);
      case 6 -> buffer.setIntLE(index, (int) value).getIntLE(index);
      case 7 -> buffer.setLong(index, value).getLong(index);
      case 8 -> buffer.setLongLE(index, value).getLongLE(index);
      case 9 -> buffer.getMedium(index);
      case 10 -> buffer.getMediumLE(index);
      case 11 -> buffer.getShort(index);
      case 12 -> buffer.getShortLE(index);
      case 13 -> buffer.getInt(index);
      case 14 -> buffer.getIntLE(index);
      case 15 -> buffer.getLong(index);
      case 16 -> buffer.getLongLE(index);
      case 17 -> hex(buffer.setBytes(index, bytes), index);
      case 18 -> hex(buffer.setBytes(index, bytes, 2, 5), index);
      case 19 -> hex(buffer.setBytes(index, ByteBuffer.wrap(bytes)), index);
      case 20 -> hex(buffer.setBytes(index, Unpooled.wrappedBuffer(bytes), 1, 7), index);
      case 21 -> hex(buffer.setBytes(index, Unpooled.directBuffer().writeBytes(bytes)), index);
      case 22 -> buffer.setBytes(index, new ByteArrayInputStream(bytes), 8);
      case 23 -> buffer.setBytes(index, new ByteArrayInputStream(new byte[0]), 8);
      case 24 -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        buffer.getBytes(index, out, 9);
        yield out.toString(StandardCharsets.ISO_8859_1);
      }
      case 25 -> buffer.getUnsignedIntLE(index) + buffer.getUnsignedInt(index);
      case 26 -> {
        ByteBuffer target = ByteBuffer.allocateDirect(11);
        buffer.getBytes(index, target);
        yield target.flip().toString() + target.getLong();
      }
      case 27 -> {
        ByteBuf target = Unpooled.directBuffer(16, 16);
        buffer.getBytes(index, target, 3, 10);
        yield hex(target, 4);
      }
      case 28 -> {
        ByteBuf copy = buffer.copy(index, 10);
        String text = hex(copy, 0) + copy.maxCapacity();
        copy.release();
        yield text;
      }
      case 29 -> buffer.slice(index, 12).nioBuffer(2, 8).getLong();
      case 30 -> buffer.internalNioBuffer(index, 8).getLong();
      default -> buffer.order(ByteOrder.LITTLE_ENDIAN).setInt(index, 77).getInt(index);
    };
  }

  private static String hex(ByteBuf buffer, int index) {
    return ByteBufUtil.hexDump(buffer, index, 4);
  }
}
