/** Status of a running program over HTTP. */
module io.ullage.observe {
  requires transitive io.ullage.core;
  requires com.fasterxml.jackson.core;
  requires transitive jdk.httpserver;
  requires static org.jspecify;

  exports io.ullage.observe;
}
