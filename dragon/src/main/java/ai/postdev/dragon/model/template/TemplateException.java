package ai.postdev.dragon.model.template;

/** A template is none, asks for what there is not, goes beyond a bound, or refuses the conversation itself. */
public final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message);
    }
}
