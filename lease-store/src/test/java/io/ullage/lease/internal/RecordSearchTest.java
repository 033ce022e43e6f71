package io.ullage.lease.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecordSearchTest {
  private static final int PLACES = 8;
  private static final int PLACE_BYTES = 728;

  private final MemorySegment memory = MemorySegment.ofArray(new long[PLACES * PLACE_BYTES / 8]);
  private final RecordSearch search = new RecordSearch(memory, Path.of("store.g1"));

  /** What an insert leaves in a place: a record that is pending. */
  private void insert(int place, String key) {
    MemorySegment.copy(
        RecordLayout.freshRecord(key, 7),
        0,
        memory,
        ValueLayout.JAVA_BYTE,
        (long) place * PLACE_BYTES,
        RecordLayout.BYTES);
  }

  private void insertReady(int place, String key) {
    insert(place, key);
    record(place).publish();
  }

  private MappedLeaseRecord record(int place) {
    return new MappedLeaseRecord(memory, (long) place * PLACE_BYTES);
  }

  private List<String> read(long most) {
    List<String> keys = new ArrayList<>();
    long count = search.read(most, (key, record) -> keys.add(key));
    assertThat(count).isEqualTo(keys.size());
    return keys;
  }

  @Test
  void readsOnBehindWhatItHasRead() {
    insertReady(0, "a");
    insertReady(1, "b");
    assertThat(read(1)).containsExactly("a");
    insertReady(3, "c");
    assertThat(read(9)).containsExactly("b", "c");
    assertThat(read(9)).isEmpty();
    insertReady(PLACES - 1, "last");
    assertThat(read(9)).containsExactly("last");
  }

  @Test
  void leavesOutWhatIsPending() {
    insert(0, "pending");
    insertReady(1, "ready");
    assertThat(read(9)).containsExactly("ready");
  }

  @Test
  void readsAllAgainAfterARestart() {
    insertReady(2, "b");
    assertThat(read(9)).containsExactly("b");
    insertReady(0, "a");
    assertThat(read(9)).isEmpty();
    search.restart();
    assertThat(read(9)).containsExactly("a", "b");
  }

  @Test
  void findsThePendingRecordBehindAndInFront() {
    insertReady(3, "known");
    assertThat(read(9)).containsExactly("known");
    assertThat(search.pending()).isNull();

    insert(1, "in front");
    MappedLeaseRecord inFront = Objects.requireNonNull(search.pending());
    assertThat(inFront.key()).isEqualTo("in front");
    inFront.publish();

    insert(5, "behind");
    assertThat(Objects.requireNonNull(search.pending()).key()).isEqualTo("behind");
  }

  @Test
  void findsNothingInAFileWithoutRoomForARecord() {
    RecordSearch none = new RecordSearch(MemorySegment.ofArray(new long[3]), Path.of("store.g1"));
    assertThat(none.pending()).isNull();
    assertThat(none.read(9, (key, record) -> {})).isZero();
  }
}
