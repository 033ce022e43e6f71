package io.ullage.lease.redis;

import java.util.List;

/**
 * What a script answered.
 *
 * @param values its values, each a Long or a String
 * @param replicas how many replicas have what it wrote; {@link Long#MAX_VALUE} if nobody asked
 * @param repeated whether it was asked twice, since the connection ended without an answer: the
 *     first may have run as well
 */
record Answer(List<Object> values, long replicas, boolean repeated) {
  long number(int index) {
    return (Long) values.get(index);
  }

  String text(int index) {
    return (String) values.get(index);
  }
}
