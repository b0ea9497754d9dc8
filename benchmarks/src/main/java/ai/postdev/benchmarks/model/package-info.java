/** Benchmarks of engines for language models. */
package ai.postdev.benchmarks.model;
