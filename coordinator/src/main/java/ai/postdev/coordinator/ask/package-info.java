/** Questions answered from evidence by a model: what it is told, and what of its answer can be believed. Pure. */
package ai.postdev.coordinator.ask;
