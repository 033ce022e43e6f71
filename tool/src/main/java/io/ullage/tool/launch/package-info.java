/**
 * Starts the main class of a jar on a JDK that can run it, with the JVM options it needs.
 *
 * <p>This package alone is compiled for Java 17, so that {@code java -jar} works where the default
 * {@code java} is an old one.
 */
@NullMarked
package io.ullage.tool.launch;

import org.jspecify.annotations.NullMarked;
