/**
 * {@code millrace sweep}: the settings of trials as options of {@code train}, and what is shown of
 * them. Begin with {@link io.millrace.cli.sweep.SweepCommand}.
 */
package io.millrace.cli.sweep;
