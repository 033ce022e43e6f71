/** A program of named modules. */
module com.example.modular {
  requires io.ullage.spill;
}
