/** A slot holds one loaded model in one worker process: its states, and what becomes of it when the worker dies. */
package ai.postdev.dragon.model.slot;
