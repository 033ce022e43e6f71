package io.ullage.alloc.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tenancies that one cache's threads detached reachable until they are used.
 *
 * <p>Whoever uses one only marks it, for it would have to lock us to take it out. They stand on
 * pages; when there are twice as many pages as the last look left, those that are marked go. So
 * each costs a constant on average, and few more stay behind than are outstanding.
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

  private List<@Nullable DetachedTenancy[]> writtenPages = new ArrayList<>();
  private @Nullable DetachedTenancy[] page = NONE;
  private int pageCount;
  private int lookAtPages = MIN_PAGES_TO_LOOK;

  void add(DetachedTenancy tenancy) {
    if (pageCount == page.length) {
      turnPage();
    }
    page[pageCount++] = tenancy;
  }

  private void turnPage() {
    if (writtenPages.size() >= lookAtPages) {
      writtenPages = pages(unused(writtenPages));
      lookAtPages = Math.max(MIN_PAGES_TO_LOOK, 2 * writtenPages.size());
    }
    @Nullable DetachedTenancy[] next = new @Nullable DetachedTenancy[PAGE_LENGTH];
    writtenPages.add(page);
    page = next;
    pageCount = 0;
  }

  List<DetachedTenancy> removeAll() {
    writtenPages.add(page);
    List<DetachedTenancy> removed = unused(writtenPages);
    writtenPages = new ArrayList<>();
    page = NONE;
    pageCount = 0;
    return removed;
  }

  private static List<@Nullable DetachedTenancy[]> pages(List<DetachedTenancy> tenancies) {
    List<@Nullable DetachedTenancy[]> pages = new ArrayList<>();
    for (int from = 0; from < tenancies.size(); from += PAGE_LENGTH) {
      int to = Math.min(from + PAGE_LENGTH, tenancies.size());
      pages.add(tenancies.subList(from, to).toArray(new @Nullable DetachedTenancy[PAGE_LENGTH]));
    }
    return pages;
  }

  private static List<DetachedTenancy> unused(List<@Nullable DetachedTenancy[]> pages) {
    List<DetachedTenancy> unused = new ArrayList<>();
    for (@Nullable DetachedTenancy[] each : pages) {
      for (DetachedTenancy tenancy : each) {
        if (tenancy != null && !tenancy.isUsed()) {
          unused.add(tenancy);
        }
      }
    }
    return unused;
  }
}
