package io.ullage.lease.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ullage.lease.LeaseStoreException;
import io.ullage.lease.StoreFault;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How stores fail. */
final class Failures {
  private Failures() {}

  /** Each question must fail in that way. */
  static void assertFault(StoreFault fault, ThrowingCallable... questions) {
    for (ThrowingCallable question : questions) {
      assertThatExceptionOfType(LeaseStoreException.class)
          .isThrownBy(question)
          .satisfies(e -> assertThat(e.fault()).as("%s", e).isEqualTo(fault));
    }
  }
}
