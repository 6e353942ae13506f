package io.millrace.cli.command;

import java.io.PrintStream;

/**
 * Where the command writes.
 *
 * @param out results
 * @param err progress, notes and errors
 */
public record Streams(PrintStream out, PrintStream err) {}
