package io.ullage.alloc.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tenancies that one cache's threads detached reachable until they are used.
 *
 * <p>Whoever uses one only marks it, for it would have to lock us to take it out. They stand on
 * pages. Each time one is full, the marked ones at the front of the oldest pages go: all of them,
 * where handles are used in about the order of their making, as a queue's are. Where one stays out
 * for long, all pages are looked through when there are twice as many as the last look left. So
 * each costs a constant on average, and few more stay behind than are outstanding.
 *
 * <p>What goes is struck out of its page. A dead page that has been promoted to the old generation
 * would otherwise keep tenancies alive, which are promoted for that: the heap would grow with every
 * handle.
 *
 * <p>A page is made anew instead of being used again: a reference that is stored marks a card of
 * the garbage collector's table, and those of two threads' old arrays may lie in one cache line,
 * for which the threads would wait in turn. New objects of two threads lie far apart.
 *
 * <p>Not thread-safe: its {@link SlotCache} guards it.
 */
final class DetachedTenancies {
  private static final int PAGE_LENGTH = 64;

  /** So many pages are written before the first look. */
  private static final int MIN_PAGES_TO_LOOK = 4;

  private static final @Nullable DetachedTenancy[] NONE = {};

  private Deque<@Nullable DetachedTenancy[]> writtenPages = new ArrayDeque<>();
  private @Nullable DetachedTenancy[] page = NONE;
  private int pageCount;

  /** How many at the front of the oldest page are struck out. */
  private int passed;

  private int lookAtPages = MIN_PAGES_TO_LOOK;

  void add(DetachedTenancy tenancy) {
    if (pageCount == page.length) {
      turnPage();
    }
    page[pageCount++] = tenancy;
  }

  private void turnPage() {
    passUsed();
    if (writtenPages.size() >= lookAtPages) {
      writtenPages = pages(removeUnused());
      lookAtPages = Math.max(MIN_PAGES_TO_LOOK, 2 * writtenPages.size());
    }
    @Nullable DetachedTenancy[] next = new @Nullable DetachedTenancy[PAGE_LENGTH];
    if (pageCount > 0) {
      writtenPages.add(page);
    }
    page = next;
    pageCount = 0;
  }

  private void passUsed() {
    for (@Nullable DetachedTenancy[] oldest;
        (oldest = writtenPages.peek()) != null;
        writtenPages.remove()) {
      for (; passed < oldest.length; passed++) {
        DetachedTenancy tenancy = oldest[passed];
        if (tenancy != null && !tenancy.isUsed()) {
          return;
        }
        oldest[passed] = null;
      }
      passed = 0;
    }
  }

  List<DetachedTenancy> removeAll() {
    writtenPages.add(page);
    List<DetachedTenancy> removed = removeUnused();
    page = NONE;
    pageCount = 0;
    return removed;
  }

  private static Deque<@Nullable DetachedTenancy[]> pages(List<DetachedTenancy> tenancies) {
    Deque<@Nullable DetachedTenancy[]> pages = new ArrayDeque<>();
    for (int from = 0; from < tenancies.size(); from += PAGE_LENGTH) {
      int to = Math.min(from + PAGE_LENGTH, tenancies.size());
      pages.add(tenancies.subList(from, to).toArray(new @Nullable DetachedTenancy[PAGE_LENGTH]));
    }
    return pages;
  }

  private List<DetachedTenancy> removeUnused() {
    List<DetachedTenancy> unused = new ArrayList<>();
    for (@Nullable DetachedTenancy[] each : writtenPages) {
      for (DetachedTenancy tenancy : each) {
        if (tenancy != null && !tenancy.isUsed()) {
          unused.add(tenancy);
        }
      }
      Arrays.fill(each, null);
    }
    writtenPages = new ArrayDeque<>();
    passed = 0;
    return unused;
  }
}
