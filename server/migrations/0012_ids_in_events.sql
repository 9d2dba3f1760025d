-- The log keeps people by their ids alone: names they had are in no event. Readers get those of now.
UPDATE events SET payload = payload #- '{user,name}' #- '{message,author,name}'
  #- '{entry,author,name}' #- '{entry,updatedBy,name}'
WHERE payload #> '{user,name}' IS NOT NULL OR payload #> '{message,author,name}' IS NOT NULL
  OR payload #> '{entry,author,name}' IS NOT NULL OR payload #> '{entry,updatedBy,name}' IS NOT NULL;
