package io.ullage.lease.redis;

import java.util.List;

/**
 * What a script answered.
 *
 * @param values its values, each a Long or a String
 * @param replicas how many replicas have what it wrote; {@link Long#MAX_VALUE} if nobody asked
 */
record Answer(List<Object> values, long replicas) {
  long number(int index) {
    return (Long) values.get(index);
  }

  String text(int index) {
    return (String) values.get(index);
  }
}
