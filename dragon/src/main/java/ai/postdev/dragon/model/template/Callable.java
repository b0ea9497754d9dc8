package ai.postdev.dragon.model.template;

/** What can be called. */
@FunctionalInterface
interface Callable {
    Object call(Arguments arguments) throws TemplateException;
}
