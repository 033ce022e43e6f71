package io.ullage.observe;

import io.ullage.core.StatusSource;
import java.util.Map;

/** A status source that always says the same. */
record FixedSource(String kind, String name, Map<String, Object> status) implements StatusSource {}
