/**
 * Compares schedulers of sweeps on recorded trainings. Begin with {@link
 * io.millrace.bench.schedulers.SchedulersCommand}.
 */
package io.millrace.bench.schedulers;
