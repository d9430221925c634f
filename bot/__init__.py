"""The enquiry desk: a bureau answers enterprises' questions in chat."""
