/**
 * Commands that make, check and hand on datasets: {@code get}, {@code import}, {@code generate},
 * {@code inspect}, {@code export}. Begin with {@code ImportEdgesCommand}.
 *
 * <p>Each command turns its options into the options of a class in {@code datasets} and prints a
 * summary; formats and checks are there. {@code get} is {@code Download} followed by an importer.
 * To add an import format, add its command next to {@code ImportOgbCommand} and to the group {@code
 * import} in {@code Millrace.imports}.
 */
package io.millrace.cli.data;
