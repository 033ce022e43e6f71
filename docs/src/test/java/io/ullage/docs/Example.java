package io.ullage.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One Java example of a Markdown page: the text of a fenced block that is marked as {@code java}.
 *
 * @param page the page, relative to the root of the project
 * @param line the line of the fence, from 1
 * @param className the public class of the example, or the name that is given to a compact source
 *     file
 * @param code the text of the example
 */
record Example(Path page, int line, String className, String code) {
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "^public\\s+(?:(?:final|abstract|sealed)\\s+)*(?:class|record|interface|enum)\\s+(\\w+)",
          Pattern.MULTILINE);
  private static final Pattern MAIN_METHOD = Pattern.compile("\\bvoid\\s+main\\s*\\(");

  /** Whether the example can be run; one that cannot is a type that another program would use. */
  boolean hasMainMethod() {
    return MAIN_METHOD.matcher(code).find();
  }

  @Override
  public String toString() {
    return page + ", line " + line + " (" + className + ")";
  }

  static List<Example> examplesOf(Path root, Path page) throws IOException {
    return blocksOf(root, page, "java");
  }

  /** The fenced blocks of a page that are marked as one language. */
  static List<Example> blocksOf(Path root, Path page, String language) throws IOException {
    List<Example> examples = new ArrayList<>();
    List<String> lines = Files.readAllLines(root.resolve(page));
    StringBuilder code = new StringBuilder();
    int fenceLine = 0;
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index);
      if (fenceLine == 0) {
        if (line.equals("```" + language)) {
          fenceLine = index + 1;
          code.setLength(0);
        }
      } else if (line.equals("```")) {
        examples.add(example(page, fenceLine, code.toString()));
        fenceLine = 0;
      } else {
        code.append(line).append('\n');
      }
    }
    if (fenceLine != 0) {
      throw new IOException(page + ", line " + fenceLine + ": the example has no end");
    }
    return examples;
  }

  private static Example example(Path page, int line, String code) {
    Matcher publicType = PUBLIC_TYPE.matcher(code);
    String className = publicType.find() ? publicType.group(1) : "Example" + line;
    return new Example(page, line, className, code);
  }
}
