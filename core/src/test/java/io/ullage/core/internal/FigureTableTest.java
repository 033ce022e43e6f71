package io.ullage.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.core.ComponentFigures;
import io.ullage.core.DeclaredBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FigureTableTest {
  /** More than two blocks, the last of them not full. */
  private static final int LEVELS = 150;

  private static final int[] PLACES = {0, 1, 63, 64, 127, 128, 149};

  private final BudgetTree tree = new BudgetTree(System::nanoTime, null);
  private final List<BudgetLevel> levels = new ArrayList<>();
  private final FigureTable table = new FigureTable(index());

  @Test
  void isOfOneInstantWhenNothingMovedSinceTheLook() {
    table.look();

    assertThat(table.read()).isTrue();
    assertThat(table.read()).isTrue();
    assertThat(table.isStillMoving()).isFalse();
  }

  @Test
  void noticesEachChargeAndDischargeWhereverItIs() {
    assertEachIsNoticed(level -> tree.account(level).tryCharge(0));
    assertEachIsNoticed(level -> tree.account(level).tryCharge(5));
    assertEachIsNoticed(level -> tree.account(level).discharge(5));
    assertEachIsNoticed(level -> tree.account(level).discharge(0));
  }

  @Test
  void noticesExternalBytesThoughAsManyWentAsCame() {
    assertEachIsNoticed(level -> addExternal(level, 7));
    assertEachIsNoticed(
        level -> {
          addExternal(level, -3);
          addExternal(level, 3);
        });
    assertThat(figuresOf(PLACES[2]).own().externalBytes()).isEqualTo(7);
  }

  @Test
  void looksAgainOnlyAtWhatMoved() {
    table.look();
    tree.account(levels.get(70)).tryCharge(1);
    assertThat(table.read()).isFalse();
    assertThat(table.isStillMoving()).isFalse();

    tree.account(levels.get(1)).tryCharge(1);
    assertThat(table.isStillMoving()).as("of another block").isFalse();
    tree.account(levels.get(70)).discharge(1);
    assertThat(table.isStillMoving()).isTrue();
  }

  @Test
  void showsAllFiguresOfEachLevelAndAddsThemUp() {
    for (int i = 0; i < LEVELS; i++) {
      tree.account(levels.get(i)).tryCharge(i);
      addExternal(levels.get(i), 1_000 + i);
    }
    DeclaredBounds bounds = new DeclaredBounds(1, 2, 3, 4);
    levels.get(130).setDeclaredBounds(bounds);
    tree.setLimitBytes(levels.get(130), 9_999);
    tree.countRefusal(levels.get(130), 1);
    table.look();
    table.read();

    for (int i = 1; i < LEVELS; i++) {
      assertThat(figuresOf(i).own().allocatedBytes()).isEqualTo(i);
      assertThat(figuresOf(i).own().reservedBytes()).isEqualTo(1_000 + 2L * i);
      assertThat(figuresOf(i).peakReservedBytes()).isEqualTo(1_000 + 2L * i);
    }
    assertThat(figuresOf(130).limitBytes()).isEqualTo(9_999);
    assertThat(figuresOf(130).own().refusals()).isOne();
    assertThat(figuresOf(130).declaredBounds()).contains(bounds);
    assertThat(figuresOf(129).declaredBounds()).isEmpty();
    assertThat(figuresOf(0).total().externalBytes())
        .isEqualTo(1_000L * LEVELS + LEVELS * (LEVELS - 1) / 2);
    assertThat(figuresOf(0).total().refusals()).isOne();
  }

  private void assertEachIsNoticed(Consumer<BudgetLevel> movement) {
    table.look();
    for (int place : PLACES) {
      movement.accept(levels.get(place));
      assertThat(table.read()).as("level %d", place).isFalse();
      assertThat(table.read()).isTrue();
    }
  }

  private void addExternal(BudgetLevel level, long bytes) {
    assertThat(tree.tryAddExternal(level, bytes, new Refusal(), true)).isTrue();
  }

  private ComponentFigures figuresOf(int level) {
    return table.figures(table.index().find(levels.get(level).path()));
  }

  /** The root, and the others below it. */
  private LevelIndex index() {
    BudgetLevel root = tree.level("root", null);
    SortedMap<String, BudgetLevel> sorted = new TreeMap<>();
    sorted.put(root.path(), root);
    levels.add(root);
    for (int i = 1; i < LEVELS; i++) {
      BudgetLevel level = tree.level("c%03d".formatted(i), root);
      levels.add(level);
      sorted.put(level.path(), level);
    }
    return LevelIndex.of(1, sorted);
  }
}
