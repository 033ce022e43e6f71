/** What all subcommands share: exit codes, failures, JSON lines, option values, places. */
@NullMarked
package io.ullage.tool.frame;

import org.jspecify.annotations.NullMarked;
