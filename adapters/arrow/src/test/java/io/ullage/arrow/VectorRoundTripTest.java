package io.ullage.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VectorRoundTripTest {
  private static final int ROWS = 10_000;
  private static final int BATCHES = 3;

  private final TestComponents test = new TestComponents();

  @AfterEach
  void accountingIsZero() {
    test.close();
  }

  @Test
  void vectorsComeBackFromAStreamAsTheyWere() throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (RootAllocator root =
            UllageAllocationManager.rootAllocator(test.pool, test.token("writer"));
        BigIntVector numbers = new BigIntVector("number", root);
        VarCharVector names = new VarCharVector("name", root);
        VectorSchemaRoot table = new VectorSchemaRoot(List.of(numbers, names));
        ArrowStreamWriter writer = new ArrowStreamWriter(table, null, stream)) {
      for (int batch = 0; batch < BATCHES; batch++) {
        for (int row = 0; row < ROWS; row++) {
          numbers.setSafe(row, number(batch, row));
          if (row % 7 == 0) {
            names.setNull(row);
          } else {
            names.setSafe(row, name(batch, row).getBytes(StandardCharsets.UTF_8));
          }
        }
        table.setRowCount(ROWS);
        writer.writeBatch();
        assertThat(test.reservedBytes("writer"))
            .isGreaterThanOrEqualTo(root.getAllocatedMemory())
            .isPositive();
      }
      writer.end();
    }
    assertThat(test.reservedBytes("writer")).isZero();

    try (RootAllocator root =
            UllageAllocationManager.rootAllocator(test.pool, test.token("reader"));
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream.toByteArray()), root)) {
      VectorSchemaRoot table = reader.getVectorSchemaRoot();
      BigIntVector numbers = (BigIntVector) table.getVector("number");
      VarCharVector names = (VarCharVector) table.getVector("name");
      for (int batch = 0; batch < BATCHES; batch++) {
        assertThat(reader.loadNextBatch()).isTrue();
        assertThat(table.getRowCount()).isEqualTo(ROWS);
        for (int row = 0; row < ROWS; row++) {
          assertThat(numbers.get(row)).isEqualTo(number(batch, row));
          assertThat(names.isNull(row)).isEqualTo(row % 7 == 0);
          if (row % 7 != 0) {
            assertThat(new String(names.get(row), StandardCharsets.UTF_8))
                .isEqualTo(name(batch, row));
          }
        }
      }
      assertThat(reader.loadNextBatch()).isFalse();
      assertThat(test.reservedBytes("reader")).isPositive();
    }
  }

  @Test
  void aVectorThatALimitForbidsToGrowKeepsItsValues() {
    test.registry.component("writer").setLimitBytes(64 << 10);
    try (RootAllocator root =
            UllageAllocationManager.rootAllocator(test.pool, test.token("writer"));
        BufferAllocator child = root.newChildAllocator("child", 0, Long.MAX_VALUE);
        BigIntVector numbers = new BigIntVector("number", child)) {
      assertThatThrownBy(
              () -> {
                for (int row = 0; ; row++) {
                  numbers.setSafe(row, row);
                  numbers.setValueCount(row + 1);
                }
              })
          .isInstanceOf(OutOfMemoryException.class);
      assertThat(numbers.getValueCount()).isPositive();
      for (int row = 0; row < numbers.getValueCount(); row++) {
        assertThat(numbers.get(row)).isEqualTo(row);
      }
      assertThat(child.getAllocatedMemory()).isLessThanOrEqualTo(test.reservedBytes("writer"));
    }
    assertThat(test.reservedBytes("writer")).isZero();
  }

  private static long number(int batch, int row) {
    return (long) batch * ROWS + row;
  }

  private static String name(int batch, int row) {
    return "row " + row + " of batch " + batch;
  }
}
