/* Who was on the way to an answer gets there: what stands after # goes along. */
document.forms[0].action += location.hash;
